package dev.tiphys.apiserver.admission;

import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// Has all plugins look at an object again if one of them wants it, as [Reinvocation] says.
///
/// @param plugins all of them
record Reinvoking(Admission plugins) implements Admission {

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    Struct admitted = plugins.mutate(request, object, old);
    return request.reinvocation().begin() ? plugins.mutate(request, admitted, old) : admitted;
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    plugins.validate(request, object, old);
  }
}
