"""The report page of a run: one HTML file, without a network, JavaScript or an extra.

recorded_run.py         what a pushed model's card and the cache know of its run
train_page.py           the page that `rnnzoo train` writes of a run, also of one that failed
page.py                 the page, of its sections
*_section.py            one section each
*_chart.py              their charts, of the elements in svg.py
"""
