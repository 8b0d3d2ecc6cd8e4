package dev.tiphys.cli.options;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The objects in files, as `kubectl -f` finds them.
public final class ManifestFiles {

  private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");

  private ManifestFiles() {}

  /// The objects, in the order of the files and in theirs; those of a List one by one.
  ///
  /// @param names files, directories, or `-` for standard input
  /// @throws CliException if one can't be read
  public static List<Struct> read(List<String> names) {
    List<Struct> objects = new ArrayList<>();
    for (String name : names) {
      try {
        if (name.equals("-")) {
          add(name, new String(System.in.readAllBytes(), StandardCharsets.UTF_8), objects);
        } else {
          for (Path file : files(Path.of(name))) {
            add(file.toString(), Files.readString(file), objects);
          }
        }
      } catch (IOException e) {
        throw new CliException("cannot read " + name + ": " + e.getMessage(), e);
      }
    }
    return objects;
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .filter(each -> ENDINGS.stream().anyMatch(each.toString()::endsWith))
          .sorted()
          .toList();
    }
  }

  private static void add(String file, String text, List<Struct> objects) {
    try {
      for (Object document : Yaml.parseAll(text)) {
        if (!(document instanceof Struct object) || object.string("kind").isEmpty()) {
          throw new CliException("there is an object without a kind in " + file);
        }
        if (object.string("kind").endsWith("List") && object.has("items")) {
          objects.addAll(object.structs("items"));
        } else {
          objects.add(object);
        }
      }
    } catch (EncodingException e) {
      throw new CliException(file + " is no YAML: " + e.getMessage(), e);
    }
  }
}
