"""The old addresses of a file that was merged into another one lead to the new ones, on every floor."""

from django.http import HttpResponseRedirect

from participants.opening import FileMoved


class MovedFileMiddleware:
    """Answers `FileMoved`. Not for good: a merge can be undone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, FileMoved):
            return None
        return HttpResponseRedirect(request.get_full_path().replace(str(exception.old), str(exception.new), 1))
