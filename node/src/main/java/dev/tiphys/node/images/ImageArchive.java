package dev.tiphys.node.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// A file with images in it: what `docker save` writes, or an OCI image layout, as a tar archive,
/// compressed with gzip or not.
///
/// Threads: one.
public final class ImageArchive implements AutoCloseable {

  private static final int LARGEST_DOCUMENT = 16 << 20;

  private final FileChannel file;
  private final Map<String, TarIndex.Entry> entries;

  private ImageArchive(FileChannel file) throws IOException {
    this.file = file;
    this.entries = TarIndex.of(file);
  }

  /// Opens a file.
  ///
  /// @throws IOException if it cannot be read, or is no archive of images
  public static ImageArchive open(Path path) throws IOException {
    FileChannel file = compressed(path) ? unpacked(path) : FileChannel.open(path);
    try {
      return new ImageArchive(file);
    } catch (IOException e) {
      file.close();
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  /// The images in it.
  ///
  /// @throws IOException if there are none, one is incomplete, or one has no name
  List<LocalImage> images() throws IOException {
    if (has("index.json")) {
      return new OciLayout(this).images();
    }
    if (has("manifest.json")) {
      return new DockerArchive(this).images();
    }
    throw new IOException("no image in it: neither index.json nor manifest.json");
  }

  /// The names of the images in it, in full.
  public List<String> names() throws IOException {
    return images().stream().flatMap(image -> image.names().stream()).toList();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  Json document(String name) throws IOException {
    BlobSource source = source(name);
    if (source.size() > LARGEST_DOCUMENT) {
      throw new IOException(name + " is too large to be a description of images");
    }
    return Json.parse(source.bytes());
  }

  /// The content of a file, following links inside the archive.
  BlobSource source(String name) throws IOException {
    TarIndex.Entry entry = entries.get(name);
    if (entry != null && entry.link() != null) {
      entry = entries.get(target(name, entry.link()));
    }
    if (entry == null) {
      throw new IOException("the archive is incomplete: " + name + " is missing");
    }
    return new Slice(file, entry.offset(), entry.size());
  }

  /// Hard links name a file from the top, symbolic ones from where they are.
  private String target(String name, String link) {
    if (has(link)) {
      return link;
    }
    Path directory = Path.of("/").resolve(name).getParent();
    return directory == null
        ? link
        : Path.of("/").relativize(directory.resolve(link).normalize()).toString();
  }

  private static boolean compressed(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.read() == 0x1f && in.read() == 0x8b;
    }
  }

  private static FileChannel unpacked(Path path) throws IOException {
    Path copy = Files.createTempFile("tiphys-image", ".tar");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(path), 1 << 16);
        var out = Files.newOutputStream(copy)) {
      in.transferTo(out);
      return FileChannel.open(copy, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      Files.deleteIfExists(copy);
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  /// A part of the archive.
  private record Slice(FileChannel file, long offset, long size) implements BlobSource {
    @Override
    public InputStream open() {
      return new SliceStream(this);
    }
  }

  /// Reads a part of the archive; several may read at once.
  private static final class SliceStream extends InputStream {
    private final FileChannel file;
    private final long end;
    private long position;

    SliceStream(Slice slice) {
      this.file = slice.file;
      this.position = slice.offset;
      this.end = slice.offset + slice.size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (position == end) {
        return -1;
      }
      int wanted = (int) Math.min(length, end - position);
      int n = file.read(ByteBuffer.wrap(buffer, offset, wanted), position);
      if (n < 0) {
        throw new IOException("the archive ends too early");
      }
      position += n;
      return n;
    }
  }
}
