/// Who asks: the ways to prove it.
package dev.tiphys.apiserver.authentication;
