package dev.tiphys.controllers.common;

import dev.tiphys.object.Fnv;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What Pod templates make, how they are told apart, and when they are the same.
public final class Templates {

  /// The label by which the Pods of one template of a Deployment are told from those of another.
  public static final String HASH_LABEL = "pod-template-hash";

  private Templates() {}

  /// A Pod of a template, without a name.
  ///
  /// @param owner what manages it
  public static Struct podOf(Meta owner, Struct template) {
    Struct given = template.struct("metadata");
    Struct metadata =
        new StructBuilder()
            .add("namespace", owner.namespace())
            .addUnlessEmpty("labels", given.struct("labels"))
            .addUnlessEmpty("annotations", given.struct("annotations"))
            .addUnlessEmpty("finalizers", given.list("finalizers"))
            .add("ownerReferences", List.of(owner.asController()))
            .build();
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "Pod")
        .add("metadata", metadata)
        .add("spec", template.struct("spec"))
        .build();
  }

  /// A short text that tells templates apart, fit to be part of a name. The same for the same
  /// template always, since a struct is written in one way only.
  ///
  /// @param collisions how often another template had the same text
  public static String hash(Struct template, long collisions) {
    int hash = Fnv.mixed(Fnv.EMPTY, template.toString().getBytes(StandardCharsets.UTF_8));
    return Fnv.name(collisions > 0 ? Fnv.mixed(hash, collisions) : hash);
  }

  /// Whether two templates make the same Pods, hash label aside.
  public static boolean same(Struct one, Struct other) {
    return withoutHash(one).equals(withoutHash(other));
  }

  private static Struct withoutHash(Struct template) {
    Struct labels = template.struct("metadata", "labels").without(HASH_LABEL);
    return labels.isEmpty()
        ? template.withoutAt("metadata", "labels")
        : template.withAt(labels, "metadata", "labels");
  }
}
