from otter.test_files import test_case

OK_FORMAT = False

name = "q04_4"
points = 5

@test_case(points=2, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q04_4', 'an ideal gas gives 1')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q04_4', 'same for a larger cell')

@test_case(points=2, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q04_4', 'agrees for copper')

