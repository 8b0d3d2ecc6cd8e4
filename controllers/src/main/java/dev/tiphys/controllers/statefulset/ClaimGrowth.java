package dev.tiphys.controllers.statefulset;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;

/// Claims that grow when their template does, where the set opts in to that.
final class ClaimGrowth {

  private static final String[] STORAGE = {"spec", "resources", "requests", "storage"};

  private ClaimGrowth() {}

  /// The claim, asking for what its template does if that is more. A claim never shrinks, and one
  /// that has no volume yet stays as it is.
  static Struct grown(StatefulSet set, Struct template, Struct claim) {
    if (!set.asksFor(StatefulSet.GROW_CLAIMS) || !claim.string("status", "phase").equals("Bound")) {
      return claim;
    }
    String wanted = template.string(STORAGE);
    return isMore(wanted, claim.string(STORAGE)) ? claim.withAt(wanted, STORAGE) : claim;
  }

  private static boolean isMore(String wanted, String present) {
    return !wanted.isEmpty()
        && !present.isEmpty()
        && Quantity.from(wanted).compareTo(Quantity.from(present)) > 0;
  }
}
