assert new File(basedir, 'build.log').text.contains('fabrique.skip')
assert !new File(basedir, 'target/fabrique').exists()
return true
