package dev.tiphys.apiserver.advice.access;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.schema.Resource;
import java.util.List;

/// Rules of roles that allow nothing.
public final class Roles {

  private Roles() {}

  /// Versions where groups are wanted.
  public static void groups(Scene scene) {
    for (Place rule : scene.manifest().items("rules")) {
      List<String> groups = rule.object().strings("apiGroups");
      for (int i = 0; i < groups.size(); i++) {
        String group = groups.get(i);
        if (group.contains("/") || group.equals("v1")) {
          String meant = group.contains("/") ? group.substring(0, group.indexOf('/')) : "";
          scene.advise(
              rule.path("apiGroups") + "[" + i + "]",
              "\"%s\" is a version and no group, so this allows nothing; write \"%s\""
                  .formatted(group, meant));
        }
      }
    }
  }

  /// Kinds, or the name of one, where the name of many is wanted.
  public static void resources(Scene scene) {
    for (Place rule : scene.manifest().items("rules")) {
      List<String> groups = rule.object().strings("apiGroups");
      List<String> resources = rule.object().strings("resources");
      for (int i = 0; i < resources.size(); i++) {
        String name = resources.get(i);
        String plural = groups.contains("*") ? "" : pluralOf(scene, name, groups);
        if (!plural.isEmpty()) {
          scene.advise(
              rule.path("resources") + "[" + i + "]",
              "there is no resource \"%s\", so this allows nothing; write \"%s\""
                  .formatted(name, plural));
        }
      }
    }
  }

  /// What is meant by a name that no resource of the groups has; empty if one has it, or if it is
  /// not known what is meant.
  private static String pluralOf(Scene scene, String name, List<String> groups) {
    String meant = "";
    for (Resource resource : scene.present().resources()) {
      if (groups.contains(resource.group())) {
        if (resource.plural().equals(name)) {
          return "";
        }
        if (resource.singular().equalsIgnoreCase(name)
            || resource.kind().equalsIgnoreCase(name)
            || resource.plural().equalsIgnoreCase(name)) {
          meant = resource.plural();
        }
      }
    }
    return meant;
  }
}
