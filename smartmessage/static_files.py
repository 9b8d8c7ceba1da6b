"""Static files as production serves them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

MODULES = "js/*.js"
(_any_script, IMPORTS) = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it brings no types
    """Named by their content and compressed beforehand; our modules import each other by those names.

    So a browser keeps each module for good, and after a release never mixes an old one with a new one. Django's
    `support_js_module_import_aggregation` would read other people's scripts too, and stumble over their comments.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, (MODULES, IMPORTS))
