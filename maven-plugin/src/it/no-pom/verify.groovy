String log = new File(basedir, 'build.log').text

assert log.contains('compose.yaml:3:5: error image/end-of-life ')
assert new File(basedir, 'target/fabrique/report.html').exists()
return true
