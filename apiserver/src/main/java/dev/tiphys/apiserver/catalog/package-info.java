/// All resources that are served at one time, replaced as a whole, and what follows from them.
package dev.tiphys.apiserver.catalog;
