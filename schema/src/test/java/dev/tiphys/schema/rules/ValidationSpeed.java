package dev.tiphys.schema.rules;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.defaults.Defaults;

/// Measures how long it takes to validate sound objects. Run its main method.
final class ValidationSpeed {

  private ValidationSpeed() {}

  public static void main(String[] names) {
    for (String name : names.length > 0 ? names : new String[] {"pod", "deployment", "configmap"}) {
      RuleFile file = RuleFile.read(name);
      Resource resource = file.resource();
      Struct object = Defaults.apply(resource, resource.schema().normalize(file.valid()));
      long best = Long.MAX_VALUE;
      for (int round = 0; round < 10; round++) {
        best = Math.min(best, nanos(resource, object));
      }
      System.out.println(name + ": " + best + " ns to create");
    }
  }

  private static long nanos(Resource resource, Struct object) {
    int count = 100_000;
    int errors = 0;
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      errors += Validation.create(resource, object).size();
    }
    long each = (System.nanoTime() - start) / count;
    if (errors > 0) {
      throw new IllegalStateException("the object is not sound");
    }
    return each;
  }
}
