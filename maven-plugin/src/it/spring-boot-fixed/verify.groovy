String log = new File(basedir, 'build.log').text

assert log.contains('BUILD SUCCESS')
assert !(log =~ /: error [a-z]+\//)
assert new File(basedir, 'target/fabrique/report.html').exists()
return true
