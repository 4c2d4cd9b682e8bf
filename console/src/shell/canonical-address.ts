import { useEffect } from 'react';
import { useLocation, useSearch } from 'wouter';

/** Replaces the address by the one that says what the page shows: without values that are invalid, and so ignored. */
export function useCanonicalAddress(page: string, canonical: string): void {
  const search = useSearch();
  const [location, navigate] = useLocation();
  useEffect(() => {
    if (location !== page || new URLSearchParams(search).toString() === canonical) return;
    navigate(`${page}${canonical === '' ? '' : `?${canonical}`}`, { replace: true });
  }, [page, location, search, canonical, navigate]);
}
