package dev.tiphys.delivery.replicasets;

import dev.tiphys.object.Fnv;
import dev.tiphys.object.Struct;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Short texts that tell templates apart, fit to be part of names and to be labels.
///
/// The same for the same tree always, since a struct is written in one way only.
public final class TemplateHash {

  private TemplateHash() {}

  /// @param template completed with its defaults
  /// @param collisions how often another template had the same text
  public static String of(Struct template, long collisions) {
    int hash = mixed(Fnv.EMPTY, template);
    return Fnv.name(collisions > 0 ? Fnv.mixed(hash, collisions) : hash);
  }

  /// Tells steps of a canary apart.
  public static String ofSteps(List<Struct> steps) {
    int hash = Fnv.EMPTY;
    for (Struct step : steps) {
      hash = mixed(hash, step);
    }
    return Fnv.name(hash);
  }

  private static int mixed(int hash, Struct struct) {
    return Fnv.mixed(hash, struct.toString().getBytes(StandardCharsets.UTF_8));
  }
}
