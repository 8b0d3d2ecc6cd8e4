package dev.tiphys.controllers.common;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What Pod templates make, how they are told apart, and when they are the same.
public final class Templates {

  /// The label by which the Pods of one template of a Deployment are told from those of another.
  public static final String HASH_LABEL = "pod-template-hash";

  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

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
    int hash = FNV_OFFSET;
    for (byte b : template.toString().getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    for (int i = 0; collisions > 0 && i < Long.BYTES; i++) {
      hash = (hash ^ (int) (collisions >>> (8 * i) & 0xff)) * FNV_PRIME;
    }
    return encoded(Integer.toUnsignedString(hash));
  }

  /// Digits, written without vowels and look-alikes so that no word comes of them.
  private static String encoded(String digits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < digits.length(); i++) {
      text.append(ALPHABET.charAt(digits.charAt(i) % ALPHABET.length()));
    }
    return text.toString();
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
