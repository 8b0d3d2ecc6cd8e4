package dev.tiphys.node.cri;

import dev.tiphys.cri.Cri;
import dev.tiphys.cri.ImageService;
import dev.tiphys.node.runtime.FilesystemUsage;
import dev.tiphys.node.runtime.Image;
import dev.tiphys.node.runtime.ImageMounts;
import dev.tiphys.node.runtime.ImageStore;
import dev.tiphys.node.runtime.RegistryAuth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The images of a runtime that speaks CRI.
final class CriImages implements ImageStore {

  /// The runtime watches over the progress of a pull itself; this only ends what hangs for ever.
  private static final Duration PULL = Duration.ofHours(24);

  private final CriCalls calls;
  private final ImageMounts mounts;

  CriImages(CriCalls calls, ImageMounts mounts) {
    this.calls = calls;
    this.mounts = mounts;
  }

  @Override
  public String pull(String reference, @Nullable RegistryAuth auth) throws InterruptedException {
    Cri.PullImageRequest.Builder request =
        Cri.PullImageRequest.newBuilder().setImage(spec(reference));
    if (auth != null) {
      request.setAuth(CriSpecs.auth(auth));
    }
    return calls.call(ImageService.PULL_IMAGE, request.build(), PULL).getImageRef();
  }

  @Override
  public List<Image> list() throws InterruptedException {
    return calls
        .call(ImageService.LIST_IMAGES, Cri.ListImagesRequest.getDefaultInstance())
        .getImagesList()
        .stream()
        .map(CriViews::image)
        .toList();
  }

  @Override
  public @Nullable Image find(String image) throws InterruptedException {
    Cri.ImageStatusResponse answer =
        calls.call(
            ImageService.IMAGE_STATUS,
            Cri.ImageStatusRequest.newBuilder().setImage(spec(image)).build());
    return answer.hasImage() ? CriViews.image(answer.getImage()) : null;
  }

  @Override
  public void remove(String image) throws InterruptedException {
    calls.end(
        ImageService.REMOVE_IMAGE,
        Cri.RemoveImageRequest.newBuilder().setImage(spec(image)).build(),
        CriCalls.USUAL);
  }

  @Override
  public void mount(String image, Path directory) throws InterruptedException {
    mounts.mount(image, directory);
  }

  @Override
  public void unmount(Path directory) throws InterruptedException {
    mounts.unmount(directory);
  }

  @Override
  public List<FilesystemUsage> filesystems() throws InterruptedException {
    return calls
        .call(ImageService.IMAGE_FS_INFO, Cri.ImageFsInfoRequest.getDefaultInstance())
        .getImageFilesystemsList()
        .stream()
        .map(CriViews::filesystem)
        .toList();
  }

  private static Cri.ImageSpec spec(String image) {
    return Cri.ImageSpec.newBuilder().setImage(image).build();
  }
}
