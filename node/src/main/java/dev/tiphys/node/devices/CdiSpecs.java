package dev.tiphys.node.devices;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The files in which drivers say what their devices are to containers, after the specification of
/// the container device interface (CDI).
///
/// They are read when a container asks for a device: drivers write them just before, and few
/// containers do.
///
/// Threads: any.
///
/// @param directories where they are; what a later one says of a device takes the place of what an
///   earlier one says
public record CdiSpecs(List<Path> directories) {

  /// Where they are by convention.
  public static final CdiSpecs USUAL =
      new CdiSpecs(List.of(Path.of("/etc/cdi"), Path.of("/var/run/cdi")));

  /// A device, and what all devices of its file have in common.
  private record Device(Struct common, Struct own) {}

  /// What a container is to be given.
  ///
  /// @param names as `vendor.com/class=name`
  /// @return the edits of each file and device, in an order that later ones may rely on
  /// @throws DeviceFailure if a device is not known, or is said to be two things
  List<Struct> edits(Collection<String> names) throws DeviceFailure {
    Map<String, Device> known = new LinkedHashMap<>();
    Set<String> doubtful = new LinkedHashSet<>();
    for (Path directory : directories) {
      Map<String, Device> here = new LinkedHashMap<>();
      for (Struct spec : read(directory)) {
        for (Struct device : spec.structs("devices")) {
          String name = spec.string("kind") + "=" + device.string("name");
          Struct own = device.struct("containerEdits");
          if (here.put(name, new Device(spec.struct("containerEdits"), own)) != null) {
            doubtful.add(name);
          } else {
            doubtful.remove(name);
          }
        }
      }
      known.putAll(here);
    }
    Set<Struct> common = new LinkedHashSet<>();
    List<Struct> own = new ArrayList<>();
    for (String name : names) {
      Device device = known.get(name);
      if (device == null || doubtful.contains(name)) {
        throw new DeviceFailure("unresolvable CDI devices " + name);
      }
      common.add(device.common);
      own.add(device.own);
    }
    List<Struct> all = new ArrayList<>(common);
    all.addAll(own);
    return all;
  }

  private static List<Struct> read(Path directory) throws DeviceFailure {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*.{json,yaml}")) {
      entries.forEach(files::add);
    } catch (NoSuchFileException | NotDirectoryException _) {
      return List.of();
    } catch (IOException e) {
      throw new DeviceFailure("failed to read CDI specs: " + e.getMessage());
    }
    files.sort(null);
    List<Struct> specs = new ArrayList<>();
    for (Path file : files) {
      try {
        byte[] content = Files.readAllBytes(file);
        specs.add(
            file.toString().endsWith(".json")
                ? Json.struct(content)
                : Yaml.struct(new String(content, StandardCharsets.UTF_8)));
      } catch (NoSuchFileException _) {
        continue; // It was replaced just now.
      } catch (IOException | EncodingException e) {
        throw new DeviceFailure("failed to load CDI Spec %s: %s".formatted(file, e.getMessage()));
      }
    }
    return specs;
  }
}
