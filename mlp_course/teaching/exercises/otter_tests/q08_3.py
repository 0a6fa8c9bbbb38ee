from otter.test_files import test_case

OK_FORMAT = False

name = "q08_3"
points = 6

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q08_3', 'cost')

@test_case(points=3, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q08_3', 'what is saved')

@test_case(points=2, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q08_3', 'claims that do not hold')

