package dev.tiphys.secrets.provider.aws.server;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Parameter Store: versions with labels, hierarchies, tags, pages.
public final class ParametersService extends Operations {

  /// A parameter.
  public static final class Kept {
    final String name;
    final List<String> versions = new ArrayList<>();
    public final Map<String, Integer> labels = new TreeMap<>();
    public final Map<String, String> tags = new TreeMap<>();
    public Struct request = Struct.EMPTY;

    Kept(String name) {
      this.name = name;
    }

    public String value() {
      return versions.getLast();
    }
  }

  public final Map<String, Kept> parameters = new TreeMap<>();

  /// Whether the account may not read by path.
  public boolean denyPaths;

  ParametersService() {
    operation("GetParameter", "Name WithDecryption", this::get);
    operation(
        "GetParametersByPath",
        "Path Recursive WithDecryption ParameterFilters MaxResults NextToken",
        this::byPath);
    operation("DescribeParameters", "ParameterFilters MaxResults NextToken", this::describe);
    operation(
        "PutParameter",
        "Name Value Type Overwrite Description KeyId Tier Policies Tags",
        this::put);
    operation("DeleteParameter", "Name", this::delete);
    operation("ListTagsForResource", "ResourceId ResourceType", this::tags);
    operation("AddTagsToResource", "ResourceId ResourceType Tags", this::tag);
    operation("RemoveTagsFromResource", "ResourceId ResourceType TagKeys", this::untag);
  }

  /// Has a parameter, or a newer version of it, that others have made.
  ///
  /// @return its version
  public String have(String name, String value) {
    Kept kept = parameters.computeIfAbsent(name, Kept::new);
    kept.versions.add(value);
    return String.valueOf(kept.versions.size());
  }

  private Kept find(String name) {
    Kept kept = parameters.get(name);
    if (kept == null) {
      throw new Refusal("ParameterNotFound", "");
    }
    return kept;
  }

  private Struct get(Struct request) {
    String[] name = request.string("Name").split(":", 2);
    Kept kept = find(name[0]);
    int version = kept.versions.size();
    if (name.length > 1) {
      String wanted = name[1];
      version =
          wanted.chars().allMatch(Character::isDigit)
              ? Integer.parseInt(wanted)
              : kept.labels.getOrDefault(wanted, 0);
      if (version < 1 || version > kept.versions.size()) {
        throw new Refusal("ParameterVersionNotFound", "");
      }
    }
    return Struct.of("Parameter", value(kept, version, request));
  }

  private static Struct value(Kept kept, int version, Struct request) {
    boolean secure = kept.request.string("Type").equals("SecureString");
    String value = kept.versions.get(version - 1);
    return new StructBuilder()
        .add("Name", kept.name)
        .add("Version", (long) version)
        .add("Value", secure && !request.bool("WithDecryption") ? "encrypted" : value)
        .build();
  }

  private static void path(String path) {
    if (!path.startsWith("/")) {
      throw new Refusal("ValidationException", "The parameter path must begin with a slash");
    }
  }

  private Struct byPath(Struct request) {
    if (denyPaths) {
      throw new Refusal("AccessDeniedException", "is not authorized: ssm:GetParametersByPath");
    }
    String path = request.string("Path");
    path(path);
    List<Struct> found = new ArrayList<>();
    for (Kept each : parameters.values()) {
      if (path.equals("/") || each.name.startsWith(path.replaceAll("/$", "") + "/")) {
        found.add(value(each, each.versions.size(), request));
      }
    }
    return page(request, "Parameters", found);
  }

  private Struct describe(Struct request) {
    List<Struct> found = new ArrayList<>();
    for (Kept each : parameters.values()) {
      if (request.structs("ParameterFilters").stream().allMatch(f -> matches(each, f))) {
        found.add(Struct.of("Name", each.name));
      }
    }
    return page(request, "Parameters", found);
  }

  private static boolean matches(Kept kept, Struct filter) {
    String value = filter.strings("Values").getFirst();
    String key = filter.string("Key");
    if (key.equals("Path")) {
      path(value);
      return kept.name.startsWith(value + "/");
    }
    return value.equals(kept.tags.get(key.replaceFirst("^tag:", "")));
  }

  private Struct put(Struct request) {
    boolean there = parameters.containsKey(request.string("Name"));
    if (there && !request.bool("Overwrite")) {
      throw new Refusal("ParameterAlreadyExists", "The parameter already exists.");
    }
    if (request.bool("Overwrite") && request.has("Tags")) {
      throw new Refusal("ValidationException", "tags and overwrite can't be used together");
    }
    have(request.string("Name"), request.string("Value"));
    Kept kept = find(request.string("Name"));
    kept.request = request.without("Value");
    tag(kept.tags, request.structs("Tags"));
    return Struct.of("Version", (long) kept.versions.size());
  }

  private Struct delete(Struct request) {
    parameters.remove(find(request.string("Name")).name);
    return Struct.EMPTY;
  }

  private Kept resource(Struct request) {
    Kept kept = parameters.get(request.string("ResourceId"));
    if (kept == null || !request.string("ResourceType").equals("Parameter")) {
      throw new Refusal("InvalidResourceId", "The resource ID is not valid.");
    }
    return kept;
  }

  private Struct tags(Struct request) {
    return Struct.of("TagList", list(resource(request).tags));
  }

  private Struct tag(Struct request) {
    tag(resource(request).tags, request.structs("Tags"));
    return Struct.EMPTY;
  }

  private Struct untag(Struct request) {
    request.strings("TagKeys").forEach(resource(request).tags::remove);
    return Struct.EMPTY;
  }
}
