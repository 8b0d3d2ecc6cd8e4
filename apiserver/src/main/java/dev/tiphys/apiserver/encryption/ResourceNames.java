package dev.tiphys.apiserver.encryption;

import dev.tiphys.schema.validation.FieldValue;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What must be so of the names of resources in an EncryptionConfiguration.
final class ResourceNames {

  private static final Set<String> WITHOUT_API =
      Set.of("apiserveripinfo", "serviceipallocations", "servicenodeportallocations");

  private ResourceNames() {}

  /// What a name means.
  ///
  /// @param resource `*` for all of the group
  /// @param group `*` for all
  record Meant(String resource, String group) {

    static Meant by(String name) {
      int dot = name.indexOf('.');
      return dot < 0
          ? new Meant(name, "")
          : new Meant(name.substring(0, dot), name.substring(dot + 1));
    }

    boolean isEverything() {
      return resource.equals("*") && group.equals("*");
    }

    /// As it stands in files.
    @Override
    public String toString() {
      return group.isEmpty() && !resource.equals("*") ? resource : resource + "." + group;
    }
  }

  static void check(FieldValue names) {
    List<Meant> all = names.items().stream().map(each -> Meant.by(each.string())).toList();
    if (Set.copyOf(all).size() < all.size()) {
      names.invalid("the same resource cannot be specified multiple times");
    }
    if (overlap(all)) {
      names.invalid(
          "using overlapping resources such as 'secrets' and '*.' in the same resource list is not"
              + " allowed as they will be masked");
    }
    names.items().forEach(ResourceNames::checkOne);
  }

  private static boolean overlap(List<Meant> all) {
    for (Meant one : all) {
      for (Meant other : all) {
        if (!one.equals(other)
            && (one.isEverything()
                || one.group.equals(other.group)
                    && (one.resource.equals("*") || other.resource.equals("*")))) {
          return true;
        }
      }
    }
    return false;
  }

  private static void checkOne(FieldValue name) {
    String text = name.string();
    Meant meant = Meant.by(text);
    if (!text.toLowerCase(Locale.ROOT).equals(text)) {
      name.invalid("resource name should not contain capital letters");
    } else if (text.equals("*")) {
      name.invalid(
          "use '*.' to encrypt all the resources from core API group or *.* to encrypt all"
              + " resources");
    } else if (WITHOUT_API.contains(text)) {
      name.invalid("resources which do not have REST API/s cannot be encrypted");
    } else if (meant.group.equals("events.k8s.io")) {
      name.invalid(
          "'*.events.k8s.io' objects are stored using the 'events' API group in etcd. Use 'events'"
              + " instead in the config file");
    } else if (meant.group.equals("extensions")) {
      name.invalid("'extensions' group has been removed and cannot be used for encryption");
    } else if (meant.group.equals("*") && !meant.resource.equals("*")) {
      name.invalid("encrypting the same resource across groups is not supported");
    }
  }
}
