package dev.tiphys.apiserver.admission;

import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// Nothing is written: upstream's plugin of the same name, for tests of clients.
final class AlwaysDeny implements Admission {

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    throw request.forbidden(object, "admission control is denying all modifications");
  }
}
