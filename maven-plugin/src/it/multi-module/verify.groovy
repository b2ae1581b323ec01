String log = new File(basedir, 'build.log').text

assert log.contains('MultiThreadedBuilder')
// Once, at the root, with the files of the modules.
assert log.count('compose.yaml:5:5: ') == 1
assert log.contains('api/Dockerfile:1:')
assert new File(basedir, 'target/fabrique/report.html').exists()
// The modules say where it happens: two in the first run, one in the second.
assert log.count('the whole repository is checked at the root of the reactor only') == 3
assert !new File(basedir, 'api/target/fabrique').exists()
return true
