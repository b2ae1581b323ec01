String log = new File(basedir, 'build.log').text

assert log.contains('[ERROR] Dockerfile:6:6: error docker/missing-user ')
assert log.contains('[ERROR] Dockerfile:3:6: error docker/missing-dockerignore ')
assert log.contains('[ERROR] compose.yaml:15:5: error image/end-of-life PostgreSQL 13 ')
assert log =~ /check \(default-cli\) on project guichets: fabrique: \d+ findings \(/
assert log.contains('report.html')
assert new File(basedir, 'target/fabrique/report.html').text.contains('docker/missing-user')
assert new File(basedir, 'target/fabrique/report.sarif').text.contains('"version": "2.1.0"')
return true
