package dev.tiphys.schema;

import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.world.PackagedFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The types of the built-in kinds, read from the `.types` files, one file for each group and
/// version, when a type of it is first asked for. Threads that ask for it at once may all read it,
/// and all get the same types: static initializers ask, too, and must not wait for what another
/// thread does (see [PackagedFile]).
///
/// Threads: any.
public final class TypeTable {

  /// The table of the Kubernetes API that this server speaks.
  public static final TypeTable BUILT_IN = new TypeTable();

  private final Map<String, Type> types = new ConcurrentHashMap<>();
  private final Map<String, List<String>> enums = new ConcurrentHashMap<>();
  private final Map<String, String> packages = new ConcurrentHashMap<>(); // by file
  private final Set<String> loaded = ConcurrentHashMap.newKeySet();

  private TypeTable() {}

  /// The type of this full name.
  ///
  /// @throws IllegalArgumentException if there is none
  public Type type(String name) {
    Type type = find(name);
    if (type == null) {
      throw new IllegalArgumentException("no such type: " + name);
    }
    return type;
  }

  /// The type of this full name, or null.
  public @Nullable Type find(String name) {
    Type type = types.get(name);
    if (type == null) {
      load(packageOf(name));
      type = types.get(name);
    }
    return type;
  }

  /// The type of the objects of a kind, or null if it is not a built-in one.
  public @Nullable Type ofKind(GroupVersion groupVersion, String kind) {
    String group = groupVersion.group();
    int dot = group.indexOf('.');
    String first = group.isEmpty() ? "core" : dot < 0 ? group : group.substring(0, dot);
    String file = first + "." + groupVersion.version();
    String packageName = packages.get(file);
    if (packageName == null) {
      packageName = packageIn(file);
      packages.put(file, packageName);
    }
    return packageName.isEmpty() ? null : find(packageName + "." + kind);
  }

  /// The package that a file of the table is about; empty if there is no such file.
  private static String packageIn(String file) {
    String text = read(file);
    return text == null ? "" : text.substring("package ".length(), text.indexOf('\n'));
  }

  /// The values of an enumeration of a package, in order.
  public List<String> enumeration(String packageName, String name) {
    load(packageName);
    return enums.getOrDefault(packageName + "." + name, List.of());
  }

  /// The type of a JSON schema, in which schemas, lists of them and plain values share fields.
  Type jsonSchema() {
    return type("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps");
  }

  static String packageOf(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }

  private void load(String packageName) {
    if (!loaded.contains(packageName)) {
      String text = text(packageName);
      if (text != null) {
        new TypeFile(this, packageName).read(text, types, enums);
      }
      loaded.add(packageName);
    }
  }

  private static @Nullable String text(String packageName) {
    int version = packageName.lastIndexOf('.');
    int group = packageName.lastIndexOf('.', version - 1);
    String text = read(packageName.substring(group + 1));
    return text != null && text.startsWith("package " + packageName + "\n") ? text : null;
  }

  private static @Nullable String read(String name) {
    byte[] found = new PackagedFile(TypeTable.class, "types/" + name + ".types").find();
    return found == null ? null : new String(found, StandardCharsets.UTF_8);
  }

  /// A line of a table that can't be read: a defect of the build.
  static EncodingException malformed(String packageName, String line) {
    return new EncodingException(
        "malformed line in the type table of " + packageName + ": " + line);
  }
}
