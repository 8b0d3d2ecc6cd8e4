package dev.tiphys.apiserver.admission;

import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// A plugin that changes objects which are written, and is not asked to change anything else:
/// deletions and connections have nothing to change.
///
/// @param plugin one that is built in
record OfWrites(Admission plugin) implements Admission {

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    return switch (request.operation()) {
      case CREATE, UPDATE -> plugin.mutate(request, object, old);
      case DELETE, CONNECT -> object;
    };
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    plugin.validate(request, object, old);
  }
}
