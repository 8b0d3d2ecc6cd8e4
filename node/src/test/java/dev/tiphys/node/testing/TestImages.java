package dev.tiphys.node.testing;

import dev.tiphys.node.host.HostProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The images that tests run, as `images/build` makes them.
public final class TestImages {

  private static final Map<String, Path> ARCHIVES = new ConcurrentHashMap<>();

  private TestImages() {}

  /// The archive of an image; made if it is not there yet.
  public static Path archive(String image) {
    return ARCHIVES.computeIfAbsent(image, TestImages::build);
  }

  private static Path build(String image) {
    Path build = Path.of("..", "images", "build").toAbsolutePath().normalize();
    try {
      HostProgram.Result result = new HostProgram(build).run(image);
      if (!result.succeeded()) {
        throw new IllegalStateException(result.output());
      }
      return Path.of(result.output().strip());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(build + " does not run", e);
    }
  }
}
