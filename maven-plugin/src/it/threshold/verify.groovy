String log = new File(basedir, 'build.log').text

assert log.contains('check (default) on project threshold: fabrique: ')
assert !log.contains('compose.yaml:3:5: ')
assert new File(basedir, 'target/fabrique/report.json').exists()
assert new File(basedir, 'target/fabrique/report.checkstyle.xml').exists()
assert !new File(basedir, 'target/fabrique/report.html').exists()
return true
