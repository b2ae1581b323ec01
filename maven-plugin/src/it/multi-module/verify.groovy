String log = new File(basedir, 'build.log').text

assert log.contains('MultiThreadedBuilder')
// Once in each run, with the files of all modules: at the root, or in the first module where that is left out.
assert log.count('compose.yaml:5:5: error image/end-of-life ') == 2
assert log.contains('api/Dockerfile:1:')
assert new File(basedir, 'target/fabrique/report.html').exists()
// The others say so: the modules in the first run.
assert log.count('the whole repository is checked once, at another project') == 2
assert !new File(basedir, 'api/target/fabrique').exists()
return true
