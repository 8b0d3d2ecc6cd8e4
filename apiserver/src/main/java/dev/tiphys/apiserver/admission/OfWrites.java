package dev.tiphys.apiserver.admission;

import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// A plugin that changes what is written alone: deletions and connections have nothing to change,
/// though it may refuse them.
///
/// @param plugin one that is built in
record OfWrites(Admission plugin) implements Admission {

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    Struct changed = plugin.mutate(request, object, old);
    return switch (request.operation()) {
      case CREATE, UPDATE -> changed;
      case DELETE, CONNECT -> object;
    };
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    plugin.validate(request, object, old);
  }
}
