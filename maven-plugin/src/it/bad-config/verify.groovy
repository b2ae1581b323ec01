String log = new File(basedir, 'build.log').text

assert log.contains('the configuration fabrique.yaml is wrong')
assert log.contains('fabrique.yaml:3:1: unknown key “fail-onn”; did you mean “fail-on”?')
assert log.contains('the value “eror” of fabrique.failOn does not exist; did you mean “error”? (possible: error, warning, info, never)')
assert log.contains('la valeur « de » de fabrique.language')
assert !new File(basedir, 'target/fabrique').exists()
return true
