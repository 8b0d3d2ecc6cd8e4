package dev.tiphys.node.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// Which images an administrator has loaded from archives, by name: an empty file for each.
///
/// Threads and processes: any.
public final class LoadedImages {

  private final Path directory;

  /// @param directory where the files are; made when there is one
  public LoadedImages(Path directory) {
    this.directory = directory;
  }

  /// Notes that an image was loaded.
  public void add(String name) throws IOException {
    Files.createDirectories(directory);
    Path note = note(name);
    if (!Files.exists(note)) {
      Files.createFile(note);
    }
  }

  /// Whether an image was loaded. A name that is none was not.
  public boolean has(String name) {
    try {
      return Files.exists(note(name));
    } catch (InvalidReferenceException e) {
      return false;
    }
  }

  private Path note(String name) {
    String full = ImageReference.parse(name).withDefaultTag().toString();
    return directory.resolve(HexFormat.of().formatHex(full.getBytes(StandardCharsets.UTF_8)));
  }
}
