package dev.tiphys.client.placement;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import java.util.Comparator;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/// Which volumes suit which claims.
public final class VolumeMatching {

  /// The smaller volume first.
  public static final Comparator<Struct> SMALLEST_FIRST =
      Comparator.comparing((Struct volume) -> quantity(volume.get("spec", "capacity", "storage")));

  private static final String CLASS = "volume.beta.kubernetes.io/storage-class";

  private VolumeMatching() {}

  /// Whether a volume is what a claim asks for, whatever its class.
  public static boolean suits(Struct volume, Struct claim) {
    Struct offered = volume.struct("spec");
    Struct wanted = claim.struct("spec");
    return isLargeEnough(volume, claim)
        && new HashSet<>(offered.strings("accessModes")).containsAll(wanted.strings("accessModes"))
        && mode(volume).equals(mode(claim))
        && offered
            .string("volumeAttributesClassName")
            .equals(wanted.string("volumeAttributesClassName"))
        && LabelSelector.from(wanted.struct("selector")).matches(Meta.of(volume).labels());
  }

  /// Whether a volume has as much room as a claim asks for.
  public static boolean isLargeEnough(Struct volume, Struct claim) {
    return quantity(volume.get("spec", "capacity", "storage"))
            .compareTo(quantity(claim.get("spec", "resources", "requests", "storage")))
        >= 0;
  }

  /// The storage class of a volume or a claim, which an old annotation may tell too; empty for
  /// none.
  public static String storageClass(Struct object) {
    String old = Meta.of(object).annotation(CLASS);
    return old.isEmpty() ? object.string("spec", "storageClassName") : old;
  }

  /// The mode of a volume or a claim: `Filesystem` or `Block`.
  public static String mode(Struct object) {
    String mode = object.string("spec", "volumeMode");
    return mode.isEmpty() ? "Filesystem" : mode;
  }

  /// An amount; nothing if it is none.
  public static Quantity quantity(@Nullable Object amount) {
    try {
      return Quantity.from(amount);
    } catch (IllegalArgumentException e) {
      return Quantity.ZERO;
    }
  }
}
