package dev.tiphys.controllers.resourceclaims;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.List;

/// Claims from templates. Pure.
final class ClaimTemplate {

  /// On a claim that was made for a Pod: the name of the Pod's entry that it stands for.
  static final String ENTRY = "resource.kubernetes.io/pod-claim-name";

  /// How long the part of a name may be that is not drawn.
  private static final int LONGEST = 57;

  private ClaimTemplate() {}

  /// The claim of a Pod's entry.
  ///
  /// @param template the ResourceClaimTemplate
  /// @param entry the name of the entry in the Pod's `spec.resourceClaims`
  static Struct claim(Struct template, Struct pod, String entry) {
    Struct metadata = template.struct("spec", "metadata");
    Meta owner = Meta.of(pod);
    return Struct.of(
        "metadata",
        new StructBuilder()
            .add("generateName", base(owner.name(), entry))
            .add("namespace", owner.namespace())
            .add("annotations", metadata.struct("annotations").with(ENTRY, entry))
            .addUnlessEmpty("labels", metadata.struct("labels"))
            .add("ownerReferences", List.of(owner.asController()))
            .build(),
        "spec",
        template.struct("spec", "spec"));
  }

  /// Both names; where they are too long each loses a part that is in proportion.
  static String base(String pod, String entry) {
    String whole = pod + "-" + entry + "-";
    return whole.length() <= LONGEST
        ? whole
        : cut(pod, whole.length()) + "-" + cut(entry, whole.length()) + "-";
  }

  private static String cut(String name, int whole) {
    return name.substring(0, name.length() * LONGEST / whole);
  }
}
