import org.jspecify.annotations.NullMarked;

/// Keys and certificates.
@NullMarked
module dev.tiphys.pki {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.world;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;

  exports dev.tiphys.pki;
}
