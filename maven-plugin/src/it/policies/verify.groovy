String log = new File(basedir, 'build.log').text

assert log.contains('compose.yaml:3:5: error acme/forbidden-database MongoDB is not allowed')
assert log.contains('Because nobody can restore it.')
return true
