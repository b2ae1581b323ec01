String log = new File(basedir, 'build.log').text
File page = new File(basedir, 'target/reports/fabrique.html')

assert log.contains('BUILD SUCCESS')
assert page.text.contains('image/end-of-life')
assert page.text.contains('href="fabrique/report.html"')
assert new File(basedir, 'target/reports/fabrique/report.html').text.contains('compose.yaml')
return true
