package dev.tiphys.apiserver.admission.quota;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.quota.Scope;
import java.util.List;
import java.util.Map;

/// What may only be used where a quota covers it.
///
/// @param groupResource the objects it is about, as in `deployments.apps`
/// @param names parts of the names of what is limited
/// @param scopes which objects are limited
public record LimitedResource(String groupResource, List<String> names, List<Scope> scopes) {

  public LimitedResource {
    names = List.copyOf(names);
    scopes = List.copyOf(scopes);
  }

  /// The limits in the configuration of the plugin.
  public static List<LimitedResource> read(Struct configuration) {
    return configuration.structs("limitedResources").stream().map(LimitedResource::of).toList();
  }

  private static LimitedResource of(Struct limited) {
    String group = limited.string("apiGroup");
    String plural = limited.string("resource");
    return new LimitedResource(
        group.isEmpty() ? plural : plural + "." + group,
        limited.strings("matchContains"),
        limited.structs("matchScopes").stream().map(Scope::of).toList());
  }

  /// The names that a quota must cover.
  List<String> limited(Map<String, Quantity> usage) {
    return usage.entrySet().stream()
        .filter(each -> each.getValue().compareTo(Quantity.ZERO) > 0)
        .map(Map.Entry::getKey)
        .filter(name -> names.stream().anyMatch(name::contains))
        .toList();
  }
}
