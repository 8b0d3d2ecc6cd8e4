package dev.tiphys.schema.defaults;

import dev.tiphys.object.Struct;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// Defaults of the small kinds of the core group.
final class CoreDefaults {

  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  private CoreDefaults() {}

  /// `stringData` is a way to write `data` without base64. It is never kept.
  static Struct secret(Struct secret) {
    Struct texts = secret.struct("stringData");
    if (texts.isEmpty()) {
      return secret.without("stringData");
    }
    Struct data = secret.struct("data");
    for (int i = 0; i < texts.size(); i++) {
      data = data.with(texts.name(i), base64(texts.string(texts.name(i))));
    }
    return secret.with("data", data).without("stringData");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Every namespace can be selected by a label that holds its name.
  static Struct namespace(Struct namespace) {
    String name = namespace.string("metadata", "name");
    return name.isEmpty() || namespace.string("metadata", "labels", NAME_LABEL).equals(name)
        ? namespace
        : namespace.withAt(name, "metadata", "labels", NAME_LABEL);
  }

  static Struct node(Struct node) {
    Struct completed = Edits.in(node, "spec", CoreDefaults::podCidrs);
    return Edits.in(
        completed,
        "status",
        status ->
            status.struct("capacity").isEmpty()
                ? status
                : Edits.fill(status, "allocatable", status.struct("capacity")));
  }

  /// `podCIDR` is the first of `podCIDRs`; where they disagree, `podCIDR` is right.
  private static Struct podCidrs(Struct spec) {
    String cidr = spec.string("podCIDR");
    List<String> all = spec.strings("podCIDRs");
    String first = all.isEmpty() ? "" : all.getFirst();
    if (cidr.equals(first)) {
      return spec;
    }
    return cidr.isEmpty() ? spec.with("podCIDR", first) : spec.with("podCIDRs", List.of(cidr));
  }

  static Struct limitRange(Struct range) {
    return Edits.in(
        range, "spec", spec -> Edits.inEach(spec, "limits", CoreDefaults::limitRangeItem));
  }

  private static Struct limitRangeItem(Struct item) {
    if (!item.string("type").equals("Container")) {
      return item;
    }
    Struct completed = Edits.fillMap(item, "default", item.struct("max"));
    completed = Edits.fillMap(completed, "defaultRequest", completed.struct("default"));
    return Edits.fillMap(completed, "defaultRequest", item.struct("min"));
  }
}
