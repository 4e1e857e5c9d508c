import { AuthFrame, AuthHeading } from '#components/auth/auth-frame.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';

export default function NotFound() {
  return (
    <AuthFrame>
      <AuthHeading title="Nothing here">The page does not exist, or what it showed is gone.</AuthHeading>
      {/* No next/link: every page brings this one along, and would bring it a second time. */}
      <a href="/" className={`${buttonClasses('plain', 'lg')} w-full`}>
        To the overview
      </a>
    </AuthFrame>
  );
}
