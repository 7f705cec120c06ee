"""Which place a name in a text means: names with offsets and the text in, GeoNames places out.

``areas`` and ``index`` hold what there is, ``forms`` what a written name may stand for, ``cues``
what the words around it say, ``ranking`` weighs, ``resolver`` puts them together.
"""
