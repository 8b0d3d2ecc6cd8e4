package dev.tiphys.apiserver.conversion;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.Resource;

/// How objects of one served version become objects of the stored version, and back.
public interface Conversion {

  /// Between versions that are one.
  Conversion NONE =
      new Conversion() {
        @Override
        public Struct toStored(Struct served) {
          return served;
        }

        @Override
        public Struct toServed(Struct stored) {
          return stored;
        }
      };

  Struct toStored(Struct served);

  Struct toServed(Struct stored);

  /// For versions that differ in nothing but their name.
  static Conversion renaming(Resource served, Resource stored) {
    String servedVersion = served.groupVersion().toString();
    String storedVersion = stored.groupVersion().toString();
    return new Conversion() {
      @Override
      public Struct toStored(Struct object) {
        return named(object, storedVersion, stored.kind());
      }

      @Override
      public Struct toServed(Struct object) {
        return named(object, servedVersion, served.kind());
      }
    };
  }

  private static Struct named(Struct object, String apiVersion, String kind) {
    if (object.string("apiVersion").equals(apiVersion) && object.string("kind").equals(kind)) {
      return object;
    }
    return StructBuilder.from(object).add("apiVersion", apiVersion).add("kind", kind).build();
  }
}
