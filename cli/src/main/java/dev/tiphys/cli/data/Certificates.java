package dev.tiphys.cli.data;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The cluster's keys and certificates: made on the first start, kept in files, renewed when they
/// near their end or no longer name the right hosts.
public final class Certificates {

  private static final Duration LIFE = Duration.ofDays(365);

  /// How long before its end a certificate is renewed.
  static final Duration RENEWED_BEFORE = Duration.ofDays(30);

  private final World world;
  private final Path directory;
  private final Authority authority;

  /// Reads the authority in `directory`, or founds it.
  public Certificates(World world, Path directory) {
    this.world = world;
    this.directory = directory;
    try {
      Files.createDirectories(directory);
      this.authority = found();
    } catch (IOException | IllegalArgumentException e) {
      throw unusable(e);
    }
  }

  private CliException unusable(Exception cause) {
    return new CliException(
        "cannot use the keys and certificates in "
            + directory
            + " ("
            + cause.getMessage()
            + "); repair or remove that directory",
        cause);
  }

  private Authority found() throws IOException {
    if (Files.exists(file("ca", "crt"))) {
      return new Authority(world, read("ca"));
    }
    Authority founded = Authority.found(world, "tiphys-ca");
    write("ca", founded.credential());
    return founded;
  }

  /// Those of another authority of the same cluster, in a directory below.
  public Certificates beside(String name) {
    return new Certificates(world, directory.resolve(name));
  }

  /// The authority itself.
  public Authority authority() {
    return authority;
  }

  /// The authorities that are trusted: this one first, then those that stand behind it in its file,
  /// so that what an earlier one has issued stays good while another takes its place.
  public List<X509Certificate> authorities() {
    return authority.credential().chain();
  }

  /// The certificate of a subject, kept under `name`.
  public Credential of(String name, Subject subject) {
    return of(name, subject, KeyType.EC);
  }

  /// The same, with a key of a certain kind if one has to be made.
  public Credential of(String name, Subject subject, KeyType type) {
    try {
      if (Files.exists(file(name, "crt"))) {
        Credential known = read(name);
        if (isGood(known.certificate(), subject)) {
          return known;
        }
      }
      Credential issued = authority.issue(subject, LIFE, type);
      write(name, issued);
      return issued;
    } catch (IOException | IllegalArgumentException e) {
      throw unusable(e);
    }
  }

  /// The certificate of a subject, kept under `name`, which is renewed in time.
  public RenewedCredential renewed(String name, Subject subject) {
    return renewed(name, subject, KeyType.EC);
  }

  /// The same, with keys of a certain kind where they are made.
  public RenewedCredential renewed(String name, Subject subject, KeyType type) {
    return new RenewedCredential(world, () -> of(name, subject, type));
  }

  /// Where the certificate and the key that are kept under `name` stand.
  public Path certificateFile(String name) {
    return file(name, "crt");
  }

  public Path keyFile(String name) {
    return file(name, "key");
  }

  /// A key pair that nothing is certified for, kept under `name`: of RSA, so that all who verify
  /// what it signs know its kind.
  public KeyPair keys(String name) {
    try {
      if (Files.exists(file(name, "key"))) {
        return new KeyPair(
            Pem.publicKeys(Files.readString(file(name, "pub"))).getFirst(),
            Pem.privateKey(Files.readString(file(name, "key"))));
      }
      KeyPair made = KeyType.RSA.generate();
      Files.writeString(file(name, "pub"), Pem.of(made.getPublic()), StandardCharsets.UTF_8);
      writeKey(name, made.getPrivate());
      return made;
    } catch (IOException | IllegalArgumentException e) {
      throw unusable(e);
    }
  }

  private boolean isGood(X509Certificate certificate, Subject subject) {
    Instant end = certificate.getNotAfter().toInstant();
    boolean lasts = end.isAfter(world.now().plus(RENEWED_BEFORE));
    return lasts && isOurs(certificate) && names(certificate).containsAll(subject.hosts());
  }

  /// Whether this authority has issued it, and not an earlier one of the same name.
  private boolean isOurs(X509Certificate certificate) {
    try {
      certificate.verify(authority.certificate().getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Set<String> names(X509Certificate certificate) {
    Set<String> names = new HashSet<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        alternatives.forEach(name -> names.add(String.valueOf(name.get(1))));
      }
    } catch (java.security.cert.CertificateParsingException e) {
      names.clear(); // so it is made anew
    }
    return names;
  }

  private Path file(String name, String type) {
    return directory.resolve(name + "." + type);
  }

  private Credential read(String name) throws IOException {
    return new Credential(
        Pem.privateKey(Files.readString(file(name, "key"))),
        Pem.certificates(Files.readString(file(name, "crt"))));
  }

  private void write(String name, Credential credential) throws IOException {
    writeKey(name, credential.key());
    Files.writeString(file(name, "crt"), Pem.of(credential.chain()), StandardCharsets.UTF_8);
  }

  private void writeKey(String name, PrivateKey own) throws IOException {
    Path key = file(name, "key");
    Files.deleteIfExists(key);
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, Pem.of(own), StandardCharsets.UTF_8);
  }
}
