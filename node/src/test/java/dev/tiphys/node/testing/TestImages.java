package dev.tiphys.node.testing;

import dev.tiphys.node.host.HostProgram;
import java.nio.file.Path;

/// The images that tests run, as `images/build` makes them.
public final class TestImages {

  private TestImages() {}

  /// The archive of an image; made if it is not there yet.
  public static Path archive(String image) throws Exception {
    Path build = Path.of("..", "images", "build").toAbsolutePath().normalize();
    HostProgram.Result result = new HostProgram(build).run(image);
    if (!result.succeeded()) {
      throw new IllegalStateException(result.output());
    }
    return Path.of(result.output().strip());
  }
}
