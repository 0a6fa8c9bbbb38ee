from otter.test_files import test_case

OK_FORMAT = False

name = "q09_2"
points = 4

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_2', 'share of the forces')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_2', 'the weight')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_2', 'stops in time')

@test_case(points=1, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_2', 'goes back')

