from otter.test_files import test_case

OK_FORMAT = False

name = "q06_2"
points = 5

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_2', 'every two neighbours once')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_2', 'only the angle')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_2', 'the prefactor')

@test_case(points=1, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_2', 'j and k see each other')

@test_case(points=1, hidden=False)
def test_5(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_2', 'agrees for many neighbours')

