import org.jspecify.annotations.NullMarked;

/// Keys, certificates, tokens that are signed, and secrets under a key.
@NullMarked
module dev.tiphys.pki {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.world;
  requires com.nimbusds.jose.jwt;
  requires java.naming;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;

  exports dev.tiphys.pki;
  exports dev.tiphys.pki.secretbox;
  exports dev.tiphys.pki.token;
}
