/// Which user a request comes from: the ways to prove it.
package dev.tiphys.apiserver.authentication;
