/// How the proxy proves its identity: a certificate for each name that clients ask for.
package dev.tiphys.network.router.tls;
