package dev.tiphys.schema.validation;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.Resource;

/// Stand-in.
public final class Validation {
  private Validation() {}

  public static FieldErrors create(Resource resource, Struct object) {
    return new FieldErrors();
  }

  public static FieldErrors update(Resource resource, Struct object, Struct old) {
    return new FieldErrors();
  }

  public static FieldErrors statusUpdate(Resource resource, Struct object, Struct old) {
    return new FieldErrors();
  }
}
