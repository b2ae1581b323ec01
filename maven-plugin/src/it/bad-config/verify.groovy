String log = new File(basedir, 'build.log').text

assert log.contains('the configuration fabrique.yaml is wrong')
assert log.contains('fabrique.yaml:3:1: unknown key “fail-onn”; did you mean “fail-on”?')
assert !new File(basedir, 'target/fabrique').exists()
return true
