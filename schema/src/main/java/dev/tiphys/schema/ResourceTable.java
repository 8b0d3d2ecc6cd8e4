package dev.tiphys.schema;

import dev.tiphys.schema.Resource.Rule;
import dev.tiphys.world.PackagedFile;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The built-in resources, read from the table `built-in.resources`.
///
/// Each resource is a head line `resource GROUP/VERSION/PLURAL` and lines of a word and its value;
/// the words are those of [Resource]. It is listed in the order in which discovery shows it.
public final class ResourceTable {

  /// Read once: each server and many a test asks for it.
  private static final List<Resource> BUILT_IN = load();

  private ResourceTable() {}

  /// All of them.
  public static List<Resource> builtIn() {
    return BUILT_IN;
  }

  private static List<Resource> load() {
    return read(
        new PackagedFile(ResourceTable.class, "built-in.resources").text(), TypeTable.BUILT_IN);
  }

  private static List<Resource> read(String text, TypeTable types) {
    List<Resource> resources = new ArrayList<>();
    for (String block : text.split("\n\n")) {
      resources.add(new Reader(types).read(block));
    }
    return List.copyOf(resources);
  }

  /// Reads one resource.
  private static final class Reader {
    private static final Resource.Scale SCALE =
        new Resource.Scale("spec.replicas", "status.replicas", "spec.selector");

    private final TypeTable types;
    private String kind = "";
    private String typeName = "";
    private String singular = "";
    private boolean namespaced;
    private List<String> shortNames = List.of();
    private List<String> categories = List.of();
    private List<String> verbs = List.of();
    private List<String> selectable = List.of();
    private String prefix = "";
    private GroupVersion stored = new GroupVersion("", "");
    private Resource.Generation generation = new Resource.Generation(false, List.of());
    private Resource.@Nullable Status status;
    private Set<Rule> rules = EnumSet.noneOf(Rule.class);
    private final List<Resource.Subresource> subresources = new ArrayList<>();
    private final List<Resource.Column> columns = new ArrayList<>();
    private String deprecation = "";

    Reader(TypeTable types) {
      this.types = types;
    }

    Resource read(String block) {
      String[] lines = block.split("\n");
      String path = lines[0].substring("resource ".length());
      for (int i = 1; i < lines.length; i++) {
        String line = lines[i].strip();
        int space = line.indexOf(' ');
        line(line.substring(0, space), line.substring(space + 1));
      }
      int slash = path.lastIndexOf('/');
      return new Resource(
          GroupVersion.parse(path.substring(0, slash)),
          path.substring(slash + 1),
          singular,
          kind,
          types.type(typeName),
          namespaced,
          shortNames,
          categories,
          verbs,
          prefix.isEmpty() ? null : new Resource.Storage(prefix, stored),
          selectable,
          generation,
          status,
          rules,
          subresources,
          subresources.stream().anyMatch(below -> below.name().equals("scale")) ? SCALE : null,
          columns,
          deprecation);
    }

    private void line(String word, String value) {
      List<String> words = List.of(value.split(" "));
      switch (word) {
        case "kind" -> kind = value;
        case "type" -> typeName = value;
        case "singular" -> singular = value;
        case "scope" -> namespaced = value.equals("namespace");
        case "short" -> shortNames = words;
        case "categories" -> categories = words;
        case "verbs" -> verbs = words;
        case "fields" -> selectable = words;
        case "key" -> prefix = value;
        case "stored" -> stored = GroupVersion.parse(value);
        case "generation" ->
            generation = new Resource.Generation(true, value.equals("created") ? List.of() : words);
        case "status" ->
            status =
                new Resource.Status(
                    words.contains("keptOnCreate"),
                    Resource.StatusMetadata.valueOf(
                        constant(words.getLast().replace("metadata", ""))));
        case "rules" -> words.forEach(rule -> rules.add(Rule.valueOf(constant(rule))));
        case "sub" -> subresources.add(subresource(words));
        case "deprecated" -> deprecation = value;
        case "column" -> columns.add(column(value.split(" ; ")));
        default -> throw new IllegalStateException("no such word in a resource: " + word);
      }
    }

    private static Resource.Subresource subresource(List<String> words) {
      String kind = words.get(1);
      int slash = kind.lastIndexOf('/');
      return new Resource.Subresource(
          words.get(0),
          GroupVersion.parse(kind.substring(0, slash)),
          kind.substring(slash + 1),
          words.subList(2, words.size()));
    }

    private static Resource.Column column(String[] parts) {
      return new Resource.Column(
          parts[0],
          parts[1],
          parts[2].equals("-") ? "" : parts[2],
          Integer.parseInt(parts[3]),
          parts[4]);
    }

    /// `createsOnUpdate` as `CREATES_ON_UPDATE`.
    private static String constant(String word) {
      return word.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }
  }
}
