String log = new File(basedir, 'build.log').text
String baseline = new File(basedir, 'fabrique-baseline.json').text

assert baseline.contains('"rule": "image/end-of-life", "path": "compose.yaml"')
assert log =~ /fabrique-baseline\.json: \d+ findings? \(\d+ added, 0 removed\)/
assert log =~ /\d+ findings? known before\./
assert log.count('compose.yaml:3:5: error image/end-of-life ') == 1
assert log.contains('docker/root-user — ')
for (goal in ['baseline', 'check', 'explain', 'help', 'report']) {
  assert log.contains('fabrique:' + goal)
}
return true
