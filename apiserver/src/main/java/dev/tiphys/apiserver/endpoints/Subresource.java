package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.registry.Change;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;

/// What lies below an object and is read and written as a tree. Each implementation offers the
/// verbs that the table of resources lists for it; the others are refused.
///
/// What is shown is of the subresource's own kind, which may be the object's (`status`) or another
/// (`scale`).
public interface Subresource {

  /// What it shows.
  default Struct read(Call call, Target target) {
    throw notSupported(target, "get");
  }

  /// Creates something below the object. Returns what a client is answered.
  default Struct create(Call call, Target target, Struct tree, FieldValidation.Findings findings) {
    throw notSupported(target, "create");
  }

  /// A tree that a client sent, as an object of the subresource's kind.
  default Struct decode(Call call, Target target, Struct tree, FieldValidation.Findings findings) {
    throw notSupported(target, "update");
  }

  /// Writes what `change` makes of what it shows. Returns what it shows then.
  default Struct update(Call call, Target target, Change change) {
    throw notSupported(target, "update");
  }

  /// What it shows, after a patch.
  default Struct patched(Call call, Target target, Struct shown, Patch patch) {
    throw notSupported(target, "patch");
  }

  private static ApiException notSupported(Target target, String action) {
    String groupResource = target.endpoint().served().groupResource();
    return ApiException.of(
        Reason.METHOD_NOT_ALLOWED,
        action + " is not supported on resources of kind \"" + groupResource + "\"",
        ApiException.details(groupResource, ""));
  }
}
