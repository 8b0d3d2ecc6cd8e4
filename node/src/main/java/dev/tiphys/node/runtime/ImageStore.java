package dev.tiphys.node.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The images on one node.
///
/// An image may be named by any of its references or by its id. A reference is normalised before it
/// is looked up: `nginx` means `docker.io/library/nginx:latest`.
///
/// Errors and threads: as with [ContainerRuntime].
public interface ImageStore extends ImageMounts {

  /// Fetches an image from its registry, if it is not here as the registry has it now. Waits for
  /// the end, however long that takes.
  ///
  /// @param auth what to tell the registry; null for nothing
  /// @return the image's id
  /// @throws RuntimeFailure `NOT_FOUND` if the registry has no such image; `FAILED` for all else
  ///   that a registry and the way to it may answer
  String pull(String reference, @Nullable RegistryAuth auth) throws InterruptedException;

  /// All images, in no particular order.
  List<Image> list() throws InterruptedException;

  /// The image with this name or id, or null if it is not here.
  @Nullable Image find(String image) throws InterruptedException;

  /// Removes an image, under all its names. If it is not here, nothing happens. Containers made
  /// from it live on.
  void remove(String image) throws InterruptedException;

  /// The file systems that hold images.
  List<FilesystemUsage> filesystems() throws InterruptedException;
}
