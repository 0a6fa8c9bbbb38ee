from otter.test_files import test_case

OK_FORMAT = False

name = "q10_5"
points = 5

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_5', 'missing sections')

@test_case(points=2, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_5', 'empty is not an answer')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_5', 'zero is an answer')

@test_case(points=1, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_5', 'the card of the exercise')

